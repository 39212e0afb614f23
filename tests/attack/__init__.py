"""What an attacker would try, in every room at once; made from the registries, so that it covers new code."""
