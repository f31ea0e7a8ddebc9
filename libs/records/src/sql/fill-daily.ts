/** Part of a migration, the same in every database: never change it, but add another. */

/** Fills the first daily roll-ups, which are empty, from the hourly ones. */
export const fillDaily = `
  INSERT INTO daily_messages (application, day, verdict, messages, distinct_messages, accepted, would_refuse, recipients,
      delivered, failed, content_bytes)
    SELECT application, hour / 24, verdict, sum(messages), sum(distinct_messages), sum(accepted), sum(would_refuse),
      sum(recipients), sum(delivered), sum(failed), sum(content_bytes)
    FROM hourly_messages GROUP BY application, hour / 24, verdict;
  INSERT INTO daily_checks (application, day, check_name, mode, outcome, action, messages, distinct_messages)
    SELECT application, hour / 24, check_name, mode, outcome, action, sum(messages), sum(distinct_messages)
    FROM hourly_checks GROUP BY application, hour / 24, check_name, mode, outcome, action;
  INSERT INTO daily_violations (application, day, check_name, mode, action, rule, identity, messages, distinct_messages,
      sample_id, first_hour)
    SELECT application, hour / 24, check_name, mode, action, rule, identity, sum(messages), sum(distinct_messages),
      max(sample_id), min(hour)
    FROM hourly_violations GROUP BY application, hour / 24, check_name, mode, action, rule, identity;
`
