"""The box files that an office edits: read carefully, and refused with everything that is wrong."""

from homthu.adapters.box_files.folder import load_boxes as load_boxes
from homthu.adapters.box_files.problems import BoxProblems as BoxProblems
