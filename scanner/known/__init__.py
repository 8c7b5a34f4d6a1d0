"""What is known of live stores, for the code that declares them: an index that CI may hold.

`making` writes it from a history, `index` signs and reads it, `handles` recognises a store under its
many names, `joining` finds the live twin of a declared store, `disclosing` keeps what it holds out of
pull requests.
"""
