"""What the history of a thing of design adds up to, one file a topic.

Design has many sorts of things and no fold for all of them: a command is given the thing's history
and folds it by its own topic.
"""
