CREATE TABLE articles (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    likes integer NOT NULL DEFAULT 0
);
INSERT INTO articles VALUES (1, 'Hello', 7);
