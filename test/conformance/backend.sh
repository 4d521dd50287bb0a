# Makes the programs that follow run on a back end: on what they are told, or under a filter that refuses io_uring with
# an error. Read with "source backend.sh BUILD BACKEND"; sets $launcher, what a program is started with.
launcher=()
case $2 in
uring | reactor) export ASIO_URING_BACKEND=$2 ;;
*)
    unset ASIO_URING_BACKEND
    launcher=("$1/bin/without_io_uring" "$2")
    ;;
esac
