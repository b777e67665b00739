using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.LongWork;

public sealed class AskingForJobs(OrdersApplication app) : ApplicationTests
{
    private const string Insert = """
        insert into jobs (id, kind, parameters, state, created_by, created_at, finished_at, owner, lease_until)
        values ('job-' || gen_random_uuid(), $1, '{}', $2, 'test', now() - $3::interval,
            case when $2 <> 'running' then now() - $3::interval end,
            case when $2 = 'running' then 'test' end, case when $2 = 'running' then now() + interval '10 minutes' end)
        returning id
        """;

    [Theory]
    [InlineData("search-rebuild", "/v1/admin/search/rebuild")]
    [InlineData("analytics-rebuild", "/v1/admin/analytics/rebuild")]
    [InlineData("archive-verify", "/v1/admin/archive/verify")]
    public async Task Whoever_asks_for_what_is_waiting_already_gets_that_job(string kind, string path)
    {
        // While one runs that nobody works on, the next one waits.
        var running = await JobAsync(kind, "running", TimeSpan.Zero);
        try
        {
            var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.AskAsync(path)));

            var job = Assert.Single(asked.Select(SearchState.Id).Distinct());
            Assert.NotEqual(running, job);
            Assert.Equal([job], await app.Database.ListAsync<string>("select id from jobs where kind = $1 and state = 'queued'", kind));
            await Shop.Ok(await app.Api.PostAsync($"/v1/admin/jobs/{job}/cancel", null));
            // What has ended is no longer waiting.
            var next = SearchState.Id(await app.AskAsync(path));
            Assert.NotEqual(job, next);
            await Shop.Ok(await app.Api.PostAsync($"/v1/admin/jobs/{next}/cancel", null));
        }
        finally
        {
            await app.ExecuteAsync("delete from jobs where id = $1", running);
        }
    }

    [Fact]
    public async Task Jobs_that_ended_long_ago_are_removed_and_others_stay()
    {
        var old = await JobAsync("verify", "succeeded", TimeSpan.FromDays(31));
        var failed = await JobAsync("verify", "failed", TimeSpan.FromDays(400));
        var young = await JobAsync("verify", "cancelled", TimeSpan.FromDays(29));

        await Eventually.Get(
            () => app.Database.ListAsync<string>("select id from jobs where id = any ($1) order by id",
                (object)new[] { old, failed, young }),
            left => left is [var only] && only == young, "only the young one is left");
    }

    private async Task<string> JobAsync(string kind, string state, TimeSpan age) =>
        Assert.Single(await app.Database.ListAsync<string>(Insert, kind, state, age));
}
