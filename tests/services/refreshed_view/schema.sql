CREATE TABLE scores (
    player text NOT NULL,
    game text NOT NULL,
    points integer NOT NULL,
    PRIMARY KEY (player, game)
);
CREATE MATERIALIZED VIEW totals AS SELECT player, sum(points) AS points FROM scores GROUP BY player;
INSERT INTO scores VALUES ('ann', 'first', 10);
