"""How places are named in words: kinds of word, mentions in a text, and which mention lies in which."""
