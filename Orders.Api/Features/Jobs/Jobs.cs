using System.Text.Json;
using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Jobs;

/// <summary>Long work on demand.</summary>
internal static class Jobs
{
    public const string ExampleId = "job-019363aa-7777-7000-8000-000000000001";

    private static readonly JobState Queued = new(
        ExampleId, WireNames.Jobs.SearchRebuild, "queued", Json("{}"), null, null, null, 0, Examples.KeyId, Examples.At, null, null);

    private static readonly JobState Running = Queued with
    {
        State = "running", Progress = Json("""{"phase":"fill","documents":40000,"total":100000}"""), Attempts = 1,
        StartedAt = Examples.At.AddSeconds(1),
    };

    public static void AddJobs(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<JobOptions>().BindConfiguration(JobOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<JobStore>();
    }

    public static void MapJobs(this WebApplication app)
    {
        var admin = app.MapGroup("/v1/admin").WithTags("Jobs").RequireScope(Scopes.Admin)
            .Route("id", Values.Text(64), "The job's id.", ExampleId);
        MapWork(admin);
        admin.MapGet("/jobs", ListJobs.Handle)
            .Describe("List jobs", "Newest first, page by page.")
            .Query("kind", Values.Text(64), "Only those of this kind.", WireNames.Jobs.Verify)
            .Query("state", Values.OneOf(JobStore.States), "Only those in this state.", "succeeded")
            .Paged()
            .Replies(200, "One page.", new Page<JobState>([Running], Examples.Cursor));
        admin.MapGet("/jobs/{id}", GetJob.Handle)
            .Describe("Read a job", "How far it is, and in the end what came of it.")
            .Replies(200, "The job.", Running)
            .Refuses(ProblemTypes.NotFound);
        admin.MapPost("/jobs/{id}/cancel", CancelJob.Handle)
            .Describe("Cancel a job", "What waits ends at once, what runs a moment later; a rebuild that is already exchanging the indexes "
                + "goes through with it. A job that has ended stays as it is.")
            .Replies(200, "The job as it is now.", Queued with { State = "cancelled", FinishedAt = Examples.At.AddSeconds(2) })
            .Refuses(ProblemTypes.NotFound);
    }

    private static void MapWork(RouteGroupBuilder admin)
    {
        admin.MapPost("/search/rebuild", RebuildSearch.Handle)
            .Describe("Rebuild the search index", "A new index from the database and the stream, exchanged with the old one in one step. "
                + "Searches go on meanwhile and never see less. Who asks while one is waiting gets that one.")
            .Replies(202, "It is queued.", Queued, CommonHeaders.Location)
            .Refuses(ProblemTypes.TooManyJobs);
        admin.MapPost("/search/window", TrimSearch.Handle)
            .Describe("Take old orders out of the search index", "Closed orders that were placed before the hot window began. "
                + "This also happens by itself, once a day unless configured otherwise.")
            .Replies(202, "It is queued.", Queued with { Kind = WireNames.Jobs.SearchWindow }, CommonHeaders.Location)
            .Refuses(ProblemTypes.TooManyJobs);
        admin.MapPost("/analytics/rebuild", RebuildAnalytics.Handle)
            .Describe("Rebuild analytics", "Facts and rollups anew from the tables of the orders, page by page, while the stream goes on. "
                + "Who asks while one is waiting gets that one.")
            .Replies(202, "It is queued.", Queued with { Kind = WireNames.Jobs.AnalyticsRebuild }, CommonHeaders.Location)
            .Refuses(ProblemTypes.TooManyJobs);
        admin.MapPost("/archive/verify", VerifyArchive.Handle)
            .Describe("Check the archive", "Reads every file and compares it with its manifest: size, SHA-256, lines, events; looks for "
                + "offsets that are missing and for files that were there once. Mends nothing. The job's `result` has files, rows, bytes, "
                + "the offsets of each partition, and `problems`, each with `file` and `reason`.")
            .Replies(202, "It is queued.", Queued with { Kind = WireNames.Jobs.ArchiveVerify }, CommonHeaders.Location)
            .Refuses(ProblemTypes.TooManyJobs);
        admin.MapPost("/verify", Verify.Handle)
            .Describe("Prove that everything agrees", "Compares the database with search, cache and analytics, bucket by bucket, recounts "
                + "the rollups, and mends what differs unless told not to. The job's `result` is the proof: counts and checksums of "
                + "both sides, what differed, what was done.")
            .Takes(new Verify.Body("full", true))
            .Replies(202, "It is queued.",
                Queued with { Kind = WireNames.Jobs.Verify, Parameters = Json("""{"depth":"full","repair":true}""") },
                CommonHeaders.Location)
            .Refuses(ProblemTypes.TooManyJobs);
        admin.MapPost("/replay", Replay.Handle)
            .Describe("Send orders once more", "Their newest version: over the topic to every projection, or into one target directly. "
                + "Marked as a repeat, so that webhooks and other consumers that act on changes ignore it.")
            .Takes(new Replay.Body("topic", [Examples.OrderId], null, null, null))
            .Replies(202, "It is queued.", Queued with
            {
                Kind = WireNames.Jobs.Replay,
                Parameters = Json($$"""{"to":"topic","orders":["{{Examples.OrderId}}"]}"""),
            }, CommonHeaders.Location)
            .Refuses(ProblemTypes.TooManyJobs);
    }

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
