"""
How often a network is right, wherever it comes from.

- `preprocessing`: from pictures to what a network takes.
- `data`: labelled images, in folders or arrays.
- `predictors`: models, IR and projects that answer.
- `answers`: asking them, spread over processes.
- `scores`: accuracy, confusion and agreement, with confidence intervals.
- `report`, `picture`: what is told of it.
"""
