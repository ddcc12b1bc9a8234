"""alphanode, a content-heavy programming website."""
