using System.Globalization;
using System.Text;

namespace Orders.Benchmarks;

/// <summary>Placing orders over HTTP, outbox, history, stock and all, against pgbench with the same statements and clients.</summary>
internal static class PlaceBenchmark
{
    private const double Bar = 0.40;

    public static async Task<bool> RunAsync(RunningOrders orders, Shop shop, int clients, TimeSpan duration)
    {
        var sample = await orders.Http.PostAsync("/v1/orders", new StringContent(shop.Order(0, 2), null, "application/json"));
        var state = Encoding.UTF8.GetString(await sample.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
        double reference = 0, measured = 0;
        for (var round = 0; round < 3; round++)
        {
            var first = round * 10_000_000L;
            var placed = await HttpLoad.RunAsync(orders.Server, clients, duration / 3, (client, count) =>
                HttpLoad.Post(orders.Server, "/v1/orders", orders.Token, shop.Order(client, first + count)));
            if (placed.Failed > 0) throw new InvalidOperationException($"{placed.Failed} orders were not placed");
            await SettleAsync(orders);
            if (await Pgbench.RunAsync(orders.Connection, shop, state, clients, duration / 3) is not { } rate)
            {
                Console.WriteLine("  pgbench is not installed: no ratio");
                return false;
            }

            await SettleAsync(orders);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  placed {placed}   pgbench {rate,6:F0}/s"));
            // The first round warms up.
            if (round == 0) continue;
            measured += placed.PerSecond / 2;
            reference += rate / 2;
        }

        return Report.Ratio("placing orders", measured, "pgbench, same statements", reference, Bar);
    }

    /// <summary>Waits until the relay has sent what is there, so that each measurement is of its own work.</summary>
    private static async Task SettleAsync(RunningOrders orders)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(orders.Connection);
        for (var i = 0; i < 600; i++)
        {
            await using var command = database.CreateCommand(
                "select coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)), 0)::bigint from pg_replication_slots");
            if ((long)(await command.ExecuteScalarAsync())! < 200_000) return;
            await Task.Delay(200);
        }
    }
}
