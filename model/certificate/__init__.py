"""The certificate of a plan: the program built a second time, from the formulation page alone, and what it proves of an answer."""
