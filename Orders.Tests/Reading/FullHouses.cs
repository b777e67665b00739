using System.Net;
using Orders.Tests.Support;

namespace Orders.Tests.Reading;

/// <summary>Bounds of reading: who comes too late is told so at once, and nobody else suffers.</summary>
public sealed class FullHouses(OrdersApplication app) : StormTests
{
    [Fact]
    public async Task When_every_place_for_a_stream_is_taken_the_next_is_told_when_to_come_back()
    {
        var open = new List<HttpResponseMessage>();
        try
        {
            // What another test has just left may still hold a place: so fewer may be enough, but never more.
            while (open.Count == 0 || (open[^1].StatusCode == HttpStatusCode.OK && open.Count <= OrdersApplication.StreamsMax))
                open.Add(await app.Api.GetAsync("/v1/orders/stream", HttpCompletionOption.ResponseHeadersRead));

            Assert.Equal(HttpStatusCode.ServiceUnavailable, open[^1].StatusCode);
            Assert.Equal("/problems/too_many_followers", await Problem.TypeAsync(open[^1]));
            Assert.NotNull(open[^1].Headers.RetryAfter);
        }
        finally
        {
            foreach (var reply in open) reply.Dispose();
        }

        await Eventually.Is(async () =>
        {
            using var reply = await app.Api.GetAsync("/v1/orders/stream", HttpCompletionOption.ResponseHeadersRead);
            return reply.StatusCode == HttpStatusCode.OK;
        }, "a place is free again");
    }

    [Fact]
    public async Task A_list_that_takes_too_long_is_given_up_by_name()
    {
        await using var connection = await app.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var locks = connection.CreateCommand())
        {
            locks.CommandText = "lock table order_history in access exclusive mode";
            await locks.ExecuteNonQueryAsync();
        }

        var reply = await app.Api.GetAsync("/v1/orders?limit=1");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.StatusCode);
        Assert.Equal("/problems/list_too_slow", await Problem.TypeAsync(reply));
        await transaction.RollbackAsync();
        await Shop.Ok(await app.Api.GetAsync("/v1/orders?limit=1"));
    }
}
