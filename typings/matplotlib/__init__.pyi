# The part of matplotlib that is used; what it ships itself leaves many types open.
