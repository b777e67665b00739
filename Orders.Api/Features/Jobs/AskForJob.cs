using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Jobs;

/// <summary>Writes down what is wanted: 202 and where to look.</summary>
internal static class AskForJob
{
    public static async Task<IResult> Handle<T>(string kind, T parameters, Caller caller, JobStore jobs, CancellationToken cancel)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(parameters, RequestJson.Replies);
        return await jobs.AskAsync(kind, json, caller.KeyId, cancel) is { } job
            ? TypedResults.Accepted($"/v1/admin/jobs/{job.Id}", job)
            : Problems.Of(ProblemTypes.TooManyJobs, "as many jobs are waiting as may wait; nothing was queued");
    }

    public sealed record Nothing;
}

/// <summary><c>POST /v1/admin/search/rebuild</c>.</summary>
internal static class RebuildSearch
{
    public static Task<IResult> Handle(Caller caller, JobStore jobs, CancellationToken cancel) =>
        AskForJob.Handle(WireNames.Jobs.SearchRebuild, new AskForJob.Nothing(), caller, jobs, cancel);
}

/// <summary><c>POST /v1/admin/search/window</c>.</summary>
internal static class TrimSearch
{
    public static Task<IResult> Handle(Caller caller, JobStore jobs, CancellationToken cancel) =>
        AskForJob.Handle(WireNames.Jobs.SearchWindow, new AskForJob.Nothing(), caller, jobs, cancel);
}

/// <summary><c>POST /v1/admin/analytics/rebuild</c>.</summary>
internal static class RebuildAnalytics
{
    public static Task<IResult> Handle(Caller caller, JobStore jobs, CancellationToken cancel) =>
        AskForJob.Handle(WireNames.Jobs.AnalyticsRebuild, new AskForJob.Nothing(), caller, jobs, cancel);
}

/// <summary><c>POST /v1/admin/archive/verify</c>.</summary>
internal static class VerifyArchive
{
    public static Task<IResult> Handle(Caller caller, JobStore jobs, CancellationToken cancel) =>
        AskForJob.Handle(WireNames.Jobs.ArchiveVerify, new AskForJob.Nothing(), caller, jobs, cancel);
}

/// <summary><c>POST /v1/admin/verify</c>.</summary>
internal static class Verify
{
    public static readonly string[] Depths = ["versions", "full"];

    /// <param name="Depth"><c>versions</c> compares which orders are there in which version; <c>full</c> also what they say.</param>
    /// <param name="Repair">Whether what differs is mended; true if absent.</param>
    public sealed record Body([AllowedValues("versions", "full", null)] string? Depth, bool? Repair);

    public static async Task<IResult> Handle(OptionalJsonBody<Body> body, Caller caller, JobStore jobs, CancellationToken cancel)
    {
        var wanted = new Body(body.Value?.Depth ?? Depths[0], body.Value?.Repair ?? true);
        var check = new Check();
        check.OneOf("depth", wanted.Depth, Depths);
        if (check.Failed) return check.Problem;
        return await AskForJob.Handle(WireNames.Jobs.Verify, wanted, caller, jobs, cancel);
    }
}

/// <summary><c>POST /v1/admin/replay</c>.</summary>
internal static class Replay
{
    public static readonly string[] Targets = ["topic", "search", "cache", "analytics"];

    /// <param name="To">Where to: the topic, from where every projection gets it, or one target past the topic.</param>
    /// <param name="Orders">These orders.</param>
    /// <param name="From">Or those placed at or after.</param>
    /// <param name="Until">And before.</param>
    /// <param name="All">Or every order.</param>
    public sealed record Body(
        [Required, AllowedValues("topic", "search", "cache", "analytics")] string? To, string[]? Orders, DateTimeOffset? From,
        DateTimeOffset? Until, bool? All);

    public static async Task<IResult> Handle(
        JsonBody<Body> body, Caller caller, JobStore jobs, IOptions<JobOptions> options, CancellationToken cancel)
    {
        var wanted = body.Value;
        var check = new Check();
        check.OneOf("to", wanted.To, Targets);
        if (wanted.Orders is { } orders)
        {
            if (orders.Length == 0 || orders.Length > options.Value.ReplayOrdersMax)
                check.Fail("orders", FormattableString.Invariant($"must name between 1 and {options.Value.ReplayOrdersMax} orders"));
            else if (Array.FindIndex(orders, id => !OrderIds.IsId(id)) is >= 0 and var at)
                check.Fail(FormattableString.Invariant($"orders[{at}]"), "is no order's id");
        }

        if (wanted.From >= wanted.Until) check.Fail("until", "must be after from");
        var ways = (wanted.Orders is null ? 0 : 1) + (wanted.From is null && wanted.Until is null ? 0 : 1) + (wanted.All is true ? 1 : 0);
        if (ways != 1) check.Fail("body", "must have one of: orders; from or until or both; all");
        if (check.Failed) return check.Problem;
        return await AskForJob.Handle(WireNames.Jobs.Replay, wanted, caller, jobs, cancel);
    }
}
