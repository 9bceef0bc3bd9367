"""How fast omo is, as ratios: every figure is taken against something bare, in the same minute on the same machine."""
