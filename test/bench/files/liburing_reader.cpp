// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Random reads by hand: what liburing costs without anything above it. One thread, one ring, one system call
// for all that is to be submitted and waited for; the file is registered with the ring.

#include "reads.hpp"

#include <cstddef>
#include <cstdint>
#include <liburing.h>
#include <memory>
#include <sys/uio.h>
#include <system_error>
#include <vector>

namespace {

using namespace asio_uring::bench;

void check(int result, const char* what)
{
    if (result < 0)
        throw std::system_error(-result, std::generic_category(), what);
}

class reader
{
public:
    reader(const data_file& file, reads& slots, bool registered) : reads_(slots), registered_(registered)
    {
        const unsigned flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
        check(
            io_uring_queue_init(static_cast<unsigned>(slots.slots()), &ring_, flags), "io_uring_queue_init");
        io_uring_register_ring_fd(&ring_);
        const int descriptor = file.descriptor();
        check(io_uring_register_files(&ring_, &descriptor, 1), "io_uring_register_files");
        if (!registered_)
            return;
        std::vector<iovec> buffers;
        for (std::size_t slot = 0; slot < slots.slots(); ++slot)
            buffers.push_back({slots.buffer(slot), block_size});
        check(io_uring_register_buffers(&ring_, buffers.data(), static_cast<unsigned>(buffers.size())),
            "io_uring_register_buffers");
    }

    ~reader()
    {
        io_uring_queue_exit(&ring_);
    }

    reader(const reader&) = delete;
    reader& operator=(const reader&) = delete;

    void run()
    {
        std::size_t under_way = reads_.slots();
        for (std::size_t slot = 0; slot < reads_.slots(); ++slot)
            start(slot);
        while (under_way > 0)
        {
            io_uring_submit_and_wait(&ring_, 1);
            unsigned head;
            unsigned seen = 0;
            io_uring_cqe* cqe;
            io_uring_for_each_cqe(&ring_, head, cqe)
            {
                const std::size_t slot = cqe->user_data;
                if (reads_.done(slot, cqe->res))
                    start(slot);
                else
                    --under_way;
                ++seen;
            }
            io_uring_cq_advance(&ring_, seen);
        }
    }

private:
    // There is an entry for each slot.
    void start(std::size_t slot)
    {
        io_uring_sqe* const sqe = io_uring_get_sqe(&ring_);
        if (registered_)
            io_uring_prep_read_fixed(
                sqe, 0, reads_.buffer(slot), block_size, reads_.next(slot), static_cast<int>(slot));
        else
            io_uring_prep_read(sqe, 0, reads_.buffer(slot), block_size, reads_.next(slot));
        sqe->flags |= IOSQE_FIXED_FILE;
        sqe->user_data = slot;
    }

    reads& reads_;
    const bool registered_;
    io_uring ring_{};
};

} // namespace

int main(int argc, char* argv[])
{
    const read_options options = parse_read_options(argc, argv);
    const data_file file(options);
    std::vector<std::unique_ptr<reads>> all;
    const stopwatch measured;
    reads& slots = *all.emplace_back(std::make_unique<reads>(file, options.depth, options.seconds));
    reader(file, slots, options.registered).run();
    measured.report(all);
}
