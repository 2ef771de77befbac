"""Draws the pictures that the demo's renderings lack: `python -m devtools.demo.drawing`.

Run by hand; its results are kept in photos/.
"""
