// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Compares what a request says about entity tags and dates with those of a file.

#include "conditions.hpp"

#include "http_date.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace http_server {

namespace {

constexpr std::string_view weak_prefix = "W/";

enum class comparison
{
    strong, ///< Both tags are strong: the files have the same bytes.
    weak    ///< One of them may be weak.
};

bool same_tag(std::string_view a, std::string_view b, comparison comparison)
{
    for (std::string_view* const tag : {&a, &b})
    {
        if (tag->starts_with(weak_prefix))
        {
            if (comparison == comparison::strong)
            {
                return false;
            }
            tag->remove_prefix(weak_prefix.size());
        }
    }
    return a == b;
}

/// Whether a list of entity tags has one in it. What comes behind a malformed tag is not looked at.
bool has_tag(std::string_view list, std::string_view tag, comparison comparison)
{
    if (list == "*")
    {
        return true;
    }
    for (;;)
    {
        list.remove_prefix(std::min(list.find_first_not_of(", \t"), list.size()));
        const std::size_t open = list.starts_with(weak_prefix) ? weak_prefix.size() : 0;
        if (list.size() <= open || list[open] != '"')
        {
            return false;
        }
        const std::size_t close = list.find('"', open + 1);
        if (close == std::string_view::npos)
        {
            return false;
        }
        if (same_tag(list.substr(0, close + 1), tag, comparison))
        {
            return true;
        }
        list.remove_prefix(close + 1);
    }
}

/// Whether a file changed after the date in a field.
///
/// @param otherwise what counts where the field has no date.
bool changed_since(const document& document, const std::string& field, bool otherwise)
{
    if (field == document.last_modified)
    {
        return false;
    }
    const auto date = read_http_date(field);
    return date ? document.identity.st_mtim.tv_sec > *date : otherwise;
}

} // namespace

http::status check_conditions(const request& request, const document& document)
{
    if (!request.if_match.empty())
    {
        if (!has_tag(request.if_match, document.entity_tag, comparison::strong))
        {
            return http::status::precondition_failed;
        }
    }
    else if (!request.if_unmodified_since.empty() &&
             changed_since(document, request.if_unmodified_since, false))
    {
        return http::status::precondition_failed;
    }

    if (!request.if_none_match.empty())
    {
        if (has_tag(request.if_none_match, document.entity_tag, comparison::weak))
        {
            return http::status::not_modified;
        }
    }
    else if (!request.if_modified_since.empty() && !changed_since(document, request.if_modified_since, true))
    {
        return http::status::not_modified;
    }
    return http::status::ok;
}

bool allows_range(const request& request, const document& document)
{
    if (request.if_range.empty() || same_tag(request.if_range, document.entity_tag, comparison::strong))
    {
        return true;
    }
    // A date counts only where a second change within the same second is ruled out, as for a strong tag.
    return !document.entity_tag.starts_with(weak_prefix) && request.if_range == document.last_modified;
}

} // namespace http_server
