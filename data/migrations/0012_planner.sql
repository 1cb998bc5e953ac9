-- The H3 cell of the point, resolution 9, as a whole number; null without a point.
ALTER TABLE match ADD COLUMN h3 INTEGER;

-- What planners ask by SQL: see SCHEMA.md, which a test holds true.
CREATE VIEW incident AS
SELECT report.ref, report.offence, report.from_utc, report.to_utc, report.reported AS reported_utc,
    match.level, match.lon, match.lat, match.radius_m, match.confidence, match.locality,
    printf('%x', match.h3) AS h3,
    printf('%x', (match.h3 & ~(15 << 52)) | (8 << 52) | ((1 << 21) - 1)) AS h3_8,
    printf('%x', (match.h3 & ~(15 << 52)) | (7 << 52) | ((1 << 24) - 1)) AS h3_7,
    printf('%x', (match.h3 & ~(15 << 52)) | (6 << 52) | ((1 << 27) - 1)) AS h3_6,
    printf('%x', (match.h3 & ~(15 << 52)) | (5 << 52) | ((1 << 30) - 1)) AS h3_5
FROM report
JOIN match ON match.report_id = report.id
WHERE match.h3 IS NOT NULL AND report.withdrawn = 0;

CREATE VIEW bucket AS
WITH RECURSIVE part (h3, offence, from_utc, to_utc, hour_utc) AS (
    SELECT h3, offence, from_utc, to_utc, from_utc - (from_utc % 3600 + 3600) % 3600
    FROM incident
    UNION ALL
    SELECT h3, offence, from_utc, to_utc, hour_utc + 3600
    FROM part
    WHERE hour_utc + 3600 < to_utc
)
SELECT h3, offence, hour_utc,
    sum(CASE WHEN to_utc = from_utc THEN 1.0
        ELSE 1.0 * (min(to_utc, hour_utc + 3600) - max(from_utc, hour_utc)) / (to_utc - from_utc) END) AS weight
FROM part
GROUP BY h3, offence, hour_utc;
