using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.DeadLetters;

internal static class DeadLetterExtensions
{
    public const string ExampleId = "dlt-5f0c2a9be11d4c0f8a6b7c3d2e1f0a99";

    private static readonly DeadLetterState Example = new()
    {
        Id = ExampleId, Topic = WireNames.Topics.Inbound, Group = WireNames.Groups.Inbound, Partition = 3, Offset = 1042,
        Reason = "malformed_json", Detail = "is not valid JSON (line 1, byte 1)", State = DeadLetterRow.Open, FailedAt = Examples.At,
        TraceId = "0af7651916cd43dd8448eb211c80319c", ValueBytes = 8,
    };

    public static void AddDeadLetters(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DeadLetterOptions>()
            .BindConfiguration(DeadLetterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<DeadLetterStore>();
        builder.Services.AddSingleton<DeadLetterMetrics>();
        builder.Services.AddHealthChecks().AddCheck<DeadLetterHealth>("dead letters");
        builder.Services.AddHostedService<DeadLetterCopier>();
        builder.Services.AddHostedService<DeadLetterSender>();
    }

    public static void MapDeadLetters(this WebApplication app)
    {
        var letters = app.MapGroup("/v1/admin/dead-letters").WithTags("Dead letters").RequireScope(Scopes.Admin)
            .Route("id", Values.Text(64), "The dead letter's id.", ExampleId);
        letters.MapGet("", ListDeadLetters.Handle)
            .Describe("List dead letters", "What no consumer could use: newest first, page by page, without the bytes.")
            .Query("topic", Values.Text(200), "Only records of this topic.", WireNames.Topics.Inbound)
            .Query("group", Values.Text(200), "Only what this consumer group gave up on.", WireNames.Groups.Inbound)
            .Query("reason", Values.Text(100), "Only those with this reason.", "malformed_json")
            .Query("state", Values.OneOf(DeadLetterRow.States), "Only those in this state.", DeadLetterRow.Open)
            .Query("from", Values.Instant(), "Only what was given up at or after this instant.", "2024-11-25T00:00:00Z")
            .Query("to", Values.Instant(), "Only what was given up before this instant.", "2100-01-01")
            .Paged()
            .Replies(200, "One page.", new Page<DeadLetterState>([Example], Examples.Cursor));
        letters.MapGet("/{id}", GetDeadLetter.Handle)
            .Describe("Read a dead letter", "With the record's key, value and headers, byte for byte.")
            .Replies(200, "The dead letter.", Example with
            {
                Key = new DeadLetterBytes("text", "erp-1"), Value = new DeadLetterBytes("text", "not json"),
            })
            .Refuses(ProblemTypes.NotFound);
        letters.MapPost("/{id}/retry", RetryDeadLetter.Handle)
            .Describe("Send a record again", "Its own bytes under its own key, to the topic it was on; a moment after this answers. A "
                + "record that fails again is a new dead letter.")
            .Replies(202, "It is sent again.",
                Example with { State = DeadLetterRow.Retried, SettledAt = Examples.At.AddHours(1), SettledBy = Examples.KeyId },
                CommonHeaders.Location)
            .Refuses(ProblemTypes.NotFound, ProblemTypes.DeadLetterSettled, ProblemTypes.NotRetriable);
        letters.MapPost("/{id}/discard", DiscardDeadLetter.Handle)
            .Describe("Discard a dead letter", "Nothing more is done about it; it is kept for a while.")
            .Takes(new DiscardDeadLetter.Body("a test of the supplier's"))
            .Replies(200, "It is discarded.", Example with
            {
                State = DeadLetterRow.Discarded, SettledAt = Examples.At.AddHours(1), SettledBy = Examples.KeyId,
                Note = "a test of the supplier's",
            })
            .Refuses(ProblemTypes.NotFound, ProblemTypes.DeadLetterSettled);
        letters.MapPost("/retry", RetryDeadLetters.Handle)
            .Describe("Send many records again", "The oldest open ones that the body names, up to a limit; call it again while `remaining` "
                + "is not 0. An empty object names all.")
            .Takes(new RetryDeadLetters.Body(WireNames.Topics.Inbound, null, "out_of_stock", null, null))
            .Replies(202, "They are sent again.", new RetryDeadLetters.Reply(12, 0), CommonHeaders.Location);
    }
}
