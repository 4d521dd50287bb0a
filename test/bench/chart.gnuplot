# Draws how many times better than Asio on epoll each contender is, as bars from 1 on a logarithmic scale.
#
# Usage: gnuplot -c chart.gnuplot DATA SVG MACHINE ROWS    (DATA: see chart.py)
data = ARG1
machine = ARG3
rows = int(ARG4)
least = 0.25 # a longer bar is cut off; the number at the right of its row tells
most = 8.0

array colour[3] = ["#0969da", "#d4a72c", "#8c959f"]
array name[3] = ["asio_uring", "Asio's own io_uring", "plain liburing"]

# Places in pixels from the left and from the top.
width = 940.0
top = 100.0
bottom = 80
height = top + 30 * rows + bottom
x(left) = left / width
y(down) = 1 - down / height

set terminal svg noenhanced size width, height font "Helvetica,Arial,sans-serif,13" background "#ffffff"
set output ARG2
set lmargin at screen x(380)
set rmargin at screen x(865)
set tmargin at screen y(top)
set bmargin at screen y(height - bottom)
set label "Times better than Asio on epoll" at screen x(380), screen y(24) font ",17"
set label machine at screen x(380), screen y(48) textcolor rgb "#57606a"
do for [i = 1:3] {
    left = 380 + 140 * (i - 1) + (i == 3 ? 40 : 0)
    set object rectangle from screen x(left), screen y(79) to screen x(left + 14), screen y(69) \
        fillcolor rgb colour[i] fillstyle solid noborder
    set label name[i] at screen x(left + 20), screen y(74)
}
set label "Longer to the right is better; the numbers at the right are those of asio_uring." \
    at screen x(380), screen y(height - 32) textcolor rgb "#57606a" font ",12"
set label "* times better than Asio's own io_uring, since Asio has no files on epoll" \
    at screen x(380), screen y(height - 14) textcolor rgb "#57606a" font ",12"
unset key
set datafile separator "\t"
set border 0
set style fill solid 1.0 noborder

set logscale x 2
set xrange [least:most * 1.01]
set yrange [rows - 0.4:-0.6]
set xtics nomirror scale 0 ("¼" 0.25, "½" 0.5, "1" 1, "2" 2, "4" 4, "8" 8)
set ytics scale 0
set grid xtics back linetype 1 linecolor "#d0d7de" linewidth 0.7
set arrow from 1, graph 0 to 1, graph 1 nohead front linecolor "#24292f" linewidth 1.2

cut(x) = x < least ? least : x > most ? most : x
number(x) = x >= 10 ? sprintf("%.0f", x) : x < 0.095 ? sprintf("%.3f", x) : sprintf("%.2f", x)
thick = 0.26 # of a row, for a bar
place(row, nth) = row + (nth - 2) * thick

plot data using (1):1:ytic(2) with points pointtype 0, \
    for [i = 1:3] data using (cut(column(i + 2))):(place($1, i)):(1):(cut(column(i + 2))): \
        (place($1, i) - thick / 2):(place($1, i) + thick / 2) \
        with boxxyerror linecolor rgb colour[i], \
    data using (most * 0.999):1:(number($3)) with labels left offset 1, 0 textcolor rgb colour[1]
