"""What is to be told of promises when their time comes, and the scheduler that tells it."""
