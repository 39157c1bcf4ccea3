"""How likely a failure is: methods that ask for runs, and what their outcomes let one say."""
