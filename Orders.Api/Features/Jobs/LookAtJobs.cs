using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.Jobs;

/// <summary><c>GET /v1/admin/jobs</c>: newest first, page by page.</summary>
internal static class ListJobs
{
    public static async Task<IResult> Handle(
        string? limit, string? cursor, string? kind, string? state, JobStore jobs, CancellationToken cancel)
    {
        var check = new Check();
        var size = Paging.Limit(limit, check);
        var before = Paging.Parts(cursor, 1, check);
        if (kind is not null) check.Text("kind", kind, max: 64);
        if (state is not null) check.OneOf("state", state, JobStore.States);
        if (check.Failed) return check.Problem;
        var rows = await jobs.ListAsync(before?[0], kind, state, size + 1, cancel);
        return TypedResults.Ok(rows.ToPage(size, job => Paging.Cursor(job.Id)));
    }
}

/// <summary><c>GET /v1/admin/jobs/{id}</c>.</summary>
internal static class GetJob
{
    public static async Task<IResult> Handle(string id, JobStore jobs, CancellationToken cancel) =>
        IsId(id) && await jobs.FindAsync(id, cancel) is { } job ? TypedResults.Ok(job) : NotFound(id);

    public static bool IsId(string id) => OrderIds.IsId(id, "job-");

    public static IResult NotFound(string id) => new OrderError.NotFound("job", id).ToProblem();
}

/// <summary><c>POST /v1/admin/jobs/{id}/cancel</c>: a job that has ended stays as it is.</summary>
internal static class CancelJob
{
    public static async Task<IResult> Handle(string id, JobStore jobs, CancellationToken cancel) =>
        GetJob.IsId(id) && await jobs.CancelAsync(id, cancel) is { } job ? TypedResults.Ok(job) : GetJob.NotFound(id);
}
