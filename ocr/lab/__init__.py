"""The laboratory: a network that can be watched, stopped and gone on with while it learns.

`sets` says what can be learned from, and `samples` loads it; `plan` turns what was chosen into a recipe.
`run.Run` is the door: it trains by `nn.training.train` in a thread of its own. `steps` keeps weights on the
way, and `shown` makes of them what is looked at.
"""
