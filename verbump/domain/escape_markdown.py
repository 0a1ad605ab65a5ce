"""Untrusted text as Markdown that shows it and does nothing else. Reached through `escape.for_markdown`.

Sources: CommonMark 0.31 and GitHub Flavored Markdown (what has a meaning); html-pipeline (mentions); GitHub Docs,
"Linking a pull request to an issue", and GitLab Docs, "Default closing pattern" (closing keywords).
"""

from __future__ import annotations

import re

_ZERO_WIDTH = "\u200b"
_REMOVED = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_BLANKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Most descriptions and all blank lines: words, and nothing between them that could mean anything.
_ORDINARY = re.compile(r"(?:[A-Za-z](?:[A-Za-z0-9.,;()'\"/=+%?!]|-(?![0-9])| (?! |$))*)?")
_BACKTICKS = re.compile("`+")

# Found in a line whose code spans are covered by NULs (which no line holds). What may be left as it is:
# a code span; a link or an autolink to http(s); an address, also one of which a forge makes a link for its `www.`.
_KEPT = re.compile(
    r"(?P<code>\0+)"
    r"|(?<!!)\[(?P<text>[^\[\]]+)\]\((?P<target>https?://[^\s()<>\[\]\\`|\0]+)\)"
    r"|<(?P<autolink>https?://[^\s<>\\`\0]+)>"
    r"|(?<![A-Za-z])(?P<address>(?:https?://|www\.)[^\s<>\\`\0]+)",
    re.IGNORECASE,
)
_AFTER_ADDRESS = ".,:;!?'\"*_~]"
# In an address these would be read as Markdown, or as a mention where the host is none: then it stands in <>.
_NOT_BARE = re.compile(r"[*~\[\]|@]|(?<![^\W_])_|_(?![^\W_])")

# Characters that mean something in inline Markdown: a backslash before them makes them themselves.
# An underscore between letters means nothing, and names read better without.
_MEANINGFUL = re.compile(r"(?<=[^\W_])_+(?=[^\W_])|([\\`*_\[\]~|])")
# Only where they begin a tag, a comment or a character reference: `a < b` and `AT&T` read better as they are.
_TAG = re.compile(r"<(?=[A-Za-z/!?]|$)")
_REFERENCE = re.compile(r"&(?=#?\w{1,40};)")
# The colon of every scheme but http(s): forges make links of ftp://, mailto: and more.
_SCHEME = re.compile(r"(?<![A-Za-z0-9+.-])(?!https?:)([A-Za-z0-9+.-]+):(?=//)|(mailto|xmpp):", re.IGNORECASE)
# After an ASCII letter or digit it is part of an e-mail address or the like; after anything else it mentions somebody.
_MENTION = re.compile(r"(?<![A-Za-z0-9_])@(?=\w|$)")

_KEYWORD = r"(?<![A-Za-z0-9_])(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?)"
_GAP = r":?\s{0,20}(?:issues?\s{1,20})?[\[<]?"
_CLOSING = re.compile(rf"({_KEYWORD}{_GAP}(?:(?:[\w.-]{{1,100}}/[\w.-]{{1,100}})?#|GH-))(?=\d)", re.IGNORECASE)
_CLOSING_ADDRESS = re.compile(rf"({_KEYWORD})(?={_GAP}https?://\S{{1,300}}?/\d)", re.IGNORECASE)
_CLOSING_NEXT_LINE = re.compile(rf"({_KEYWORD})(?=:?(?:\sissues?)?\s*$)", re.IGNORECASE)

# What begins a block: heading, bullet, quote, rule or underline of a heading, head of a table, number of a list.
# Asterisks, tildes, bars, brackets and underscores are escaped wherever they stand.
_BLOCK = re.compile(r"(?=#{1,6}(?:\s|$)|[-+](?:\s|$)|>|[-\s]+$|=+$|:?-+:?$)|[0-9]{1,9}(?=[.)](?:\s|$))")


def line(text: str, *, is_cell: bool = False) -> str:
    """One line of inline Markdown. Empty where the text shows nothing."""
    if _ORDINARY.fullmatch(text):
        return text
    whole = mask = _one_line(text)
    if "`" not in whole:
        whole = mask = _without_closing(whole)
    else:
        parts = [(is_code, part if is_code else _without_closing(part)) for is_code, part in _split_code(whole)]
        whole = "".join(part for _, part in parts)
        mask = "".join("\0" * len(part) if is_code else part for is_code, part in parts)
    shown = _inert(whole, mask, is_cell=is_cell)
    return _BLOCK.sub(r"\g<0>\\", shown, count=1) if _BLOCK.match(shown) else shown


def block(text: str) -> str:
    """Several lines, each inert, and together too; blank lines stay, none at either end."""
    lines = text.replace("\r\n", "\n").split("\n")
    pairs = zip(lines, [*lines[1:], ""], strict=True)
    # A closing keyword reaches over a line end.
    apart = (_broken(_CLOSING_NEXT_LINE, each) if following.strip() else each for each, following in pairs)
    return "\n".join(line(each) for each in apart).strip("\n")


def _one_line(text: str) -> str:
    """Without control characters; line ends, tabs and runs of blanks are one blank each."""
    shown = text if text.isprintable() else _SURROGATE.sub("\ufffd", _REMOVED.sub("", text))
    return _BLANKS.sub(" ", shown).strip()


def _split_code(text: str) -> list[tuple[bool, str]]:
    """The text in pieces, each with whether it is a code span: from backticks to the next run of as many."""
    runs = [found.span() for found in _BACKTICKS.finditer(text)]
    later: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[index][1] - runs[index][0], []).append(index)
    pieces: list[tuple[bool, str]] = []
    index = end = 0
    while index < len(runs):
        start, stop = runs[index]
        same = later[stop - start]
        while same and same[-1] <= index:
            same.pop()
        if not same:
            index += 1
            continue
        pieces += [(False, text[end:start]), (True, text[start : runs[same[-1]][1]])]
        end = runs[same[-1]][1]
        index = same[-1] + 1
    return [*pieces, (False, text[end:])]


def _without_closing(text: str) -> str:
    """The text without a sentence that closes an issue: `fixes #12` gets a space of no width before the digits."""
    if not any(mark in text for mark in "#-:"):  # of #12, GH-12, https://
        return text
    return _broken(_CLOSING_ADDRESS, _CLOSING.sub(rf"\1{_ZERO_WIDTH}", text))


def _broken(keyword: re.Pattern[str], text: str) -> str:
    """The text with a space of no width inside each keyword."""
    return keyword.sub(lambda found: f"{found[1][:1]}{_ZERO_WIDTH}{found[1][1:]}", text)


def _inert(whole: str, mask: str, *, is_cell: bool, is_in_link: bool = False) -> str:
    parts: list[str] = []
    end = 0
    for found in _KEPT.finditer(mask):
        start, stop = found.span()
        if is_in_link and found["code"] is None:
            continue
        parts.append(_plain(whole[end:start]))
        end = stop
        if found["code"] is not None:
            parts.append(whole[start:stop].replace("|", r"\|") if is_cell else whole[start:stop])
        elif found["text"] is not None:
            left, right = found.span("text")
            shown = _inert(whole[left:right], mask[left:right], is_cell=is_cell, is_in_link=True)
            parts.append(f"[{shown}]({_REFERENCE.sub('&amp;', found['target'])})")
        elif found["autolink"] is not None:
            parts.append(_in_brackets(found["autolink"]))
        else:
            parts.append(_address(found["address"], is_alone=mask[stop : stop + 1] in {"", " "}))
    parts.append(_plain(whole[end:]))
    return "".join(parts)


def _address(text: str, *, is_alone: bool) -> str:
    """An address as it stands in a sentence, without the punctuation after it.

    Forges make a link of it before they read any Markdown, and take all up to the next blank for it, backslashes and
    backticks too. So it stands bare only where none can be; else in <>, or as no link at all.
    """
    has_scheme = text[:4].lower() == "http"
    if is_alone and not _NOT_BARE.search(text) and text.count("://") <= has_scheme:
        return _REFERENCE.sub("&amp;", text)
    if not has_scheme:
        return f"{text[:3]}{_ZERO_WIDTH}{_plain(text[3:])}"
    end, opened, closed = len(text), text.count("("), text.count(")")
    while text[end - 1] in _AFTER_ADDRESS or (text[end - 1] == ")" and closed > opened):
        closed -= text[end - 1] == ")"
        end -= 1
    return _in_brackets(text[:end]) + _plain(text[end:])


def _in_brackets(address: str) -> str:
    return f"<{address.replace('|', '%7C')}>"


def _plain(text: str) -> str:
    """A piece outside code spans and links, with no meaning left in it."""
    if "@" in text:
        text = _MENTION.sub(f"@{_ZERO_WIDTH}", text)
    if ":" in text:
        text = _SCHEME.sub(lambda found: f"{found[0][:-1]}{_ZERO_WIDTH}:", text)
    if "<" in text or "&" in text:
        text = _TAG.sub("&lt;", _REFERENCE.sub("&amp;", text))
    return _MEANINGFUL.sub(lambda found: f"\\{found[0]}" if found[1] else found[0], text)
