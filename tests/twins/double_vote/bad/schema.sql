CREATE TABLE votes (
    id bigserial PRIMARY KEY,
    voter text NOT NULL,
    subject text NOT NULL,
    choice text NOT NULL
);
