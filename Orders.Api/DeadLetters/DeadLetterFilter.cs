using Npgsql;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.DeadLetters;

/// <summary>Which letters are meant; what is null does not matter.</summary>
/// <param name="Topic">The topic of the record that could not be used.</param>
/// <param name="Group">The consumer group that gave up.</param>
/// <param name="Reason">The code of the reason.</param>
/// <param name="State"><c>open</c>, <c>retried</c> or <c>discarded</c>.</param>
/// <param name="From">Given up at or after that instant,</param>
/// <param name="To">and before this one.</param>
internal sealed record DeadLetterFilter(
    string? Topic, string? Group, string? Reason, string? State, DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>The condition, with <see cref="Parameters"/> as $1 to $6.</summary>
    public const string Where = """
        ($1::text is null or topic = $1) and ($2::text is null or consumer = $2) and ($3::text is null or reason = $3)
        and ($4::text is null or state = $4) and ($5::timestamptz is null or failed_at >= $5)
        and ($6::timestamptz is null or failed_at < $6)
        """;

    public void Validate(Check check)
    {
        if (Topic is not null) check.Text("topic", Topic);
        if (Group is not null) check.Text("group", Group);
        if (Reason is not null) check.Text("reason", Reason, max: 100);
        if (State is not null) check.OneOf("state", State, DeadLetterRow.States);
        if (From >= To) check.Fail("to", "must be after from");
    }

    public NpgsqlParameter[] Parameters() =>
        [Sql.Text(Topic), Sql.Text(Group), Sql.Text(Reason), Sql.Text(State), Sql.Instant(From), Sql.Instant(To)];
}
