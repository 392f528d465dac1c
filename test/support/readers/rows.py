"""Rows as the tests compare them, made from plain numbers and text."""

import time


def text_of(second, wiki, is_bot, edits, bytes_change):
    """`2026-11-20T10:05:00Z enwiki false 3 -12`."""
    minute = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
    return f"{minute} {wiki} {'true' if is_bot else 'false'} {edits} {bytes_change}"


def is_misplaced(second, partition):
    """Whether a minute is not of the partition (yyyy, mm, dd and perhaps hh) that its row was found in."""
    return time.gmtime(second)[: len(partition)] != partition
