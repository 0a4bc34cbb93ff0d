# SPDX-License-Identifier: Apache-2.0
"""Turns coloured terminal output into an SVG picture for the README.

usage: make_picture.py COMMAND_LINE_SHOWN < output > picture.svg
"""
import html
import re
import sys

COLOURS = {"1;31": "#ff6b6b", "31": "#ff8e72", "33": "#e6b450", "34": "#6cb6ff", "2": "#8b949e", "1;33": "#ffd866"}
CELL_WIDTH, LINE_HEIGHT, MARGIN = 7.8, 18, 18


def spans(line):
    """Yields (colour, text) of a line with ANSI sequences."""
    colour = None
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            colour = COLOURS.get(part[2:-1])
        elif part:
            yield colour, part


def main():
    lines = ["$ " + sys.argv[1], *(line.rstrip("\r\n") for line in sys.stdin)]
    columns = max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines)
    width, height = columns * CELL_WIDTH + 2 * MARGIN, len(lines) * LINE_HEIGHT + 2 * MARGIN
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
          f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13">')
    print(f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>')
    for row, line in enumerate(lines):
        x, y = 0, MARGIN + (row + 0.75) * LINE_HEIGHT
        for colour, text in spans(line):
            print(f'<text x="{MARGIN + x * CELL_WIDTH:.1f}" y="{y:.1f}" fill="{colour or "#d1d9e0"}" xml:space="preserve" '
                  f'textLength="{len(text) * CELL_WIDTH:.1f}">{html.escape(text)}</text>')
            x += len(text)
    print("</svg>")


main()
