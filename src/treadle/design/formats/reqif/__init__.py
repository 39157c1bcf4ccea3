"""ReqIF 1.2 (OMG formal/2016-07-01): documents and archives in and out, nothing of them lost."""
