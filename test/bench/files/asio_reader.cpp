// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Random reads of the contenders that are Asio programs.

#include "../contender.hpp"
#include "reads.hpp"

#include <boost/asio/basic_random_access_file.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/buffer_registration.hpp>
#include <boost/asio/registered_buffer.hpp>
#include <cstddef>
#include <memory>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using namespace asio_uring::bench;
using boost::system::error_code;
using context_type = contender_context;

template <typename Buffers>
class reader
{
public:
    reader(context_type& context, const data_file& file, reads& slots, Buffers buffers)
        : file_(context, dup(file.descriptor())),
          reads_(slots),
          buffers_(std::move(buffers))
    {}

    void start(std::size_t slot)
    {
        file_.async_read_some_at(reads_.next(slot), buffers_[slot],
            [this, slot](error_code error, std::size_t n)
            {
                if (reads_.done(slot, error ? -error.value() : static_cast<std::int64_t>(n)))
                    start(slot);
            });
    }

private:
    asio::basic_random_access_file<context_type::executor_type> file_;
    reads& reads_;
    Buffers buffers_;
};

template <typename Buffers>
void run(
    context_type& context, const data_file& file, const read_options& options, reads& slots, Buffers buffers)
{
    reader<Buffers> reader(context, file, slots, std::move(buffers));
    for (unsigned slot = 0; slot < options.depth; ++slot)
        reader.start(slot);
    context.run();
}

} // namespace

int main(int argc, char* argv[])
{
    const read_options options = parse_read_options(argc, argv);
    const data_file file(options);
    context_type context(options.hint);
    std::vector<std::unique_ptr<reads>> all;
    const stopwatch measured;
    reads& slots = *all.emplace_back(std::make_unique<reads>(file, options.depth, options.seconds));
    std::vector<asio::mutable_buffer> buffers;
    for (unsigned slot = 0; slot < options.depth; ++slot)
        buffers.emplace_back(slots.buffer(slot), block_size);
    if (options.registered)
        run(context, file, options, slots, asio::register_buffers(context, buffers));
    else
        run(context, file, options, slots, buffers);
    measured.report(all);
}
