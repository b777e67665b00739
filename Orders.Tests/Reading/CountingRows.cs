using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orders.Api.Features;
using Orders.Api.Persistence;
using Orders.Tests.Support;

namespace Orders.Tests.Reading;

public sealed class CountingRows(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Small_tables_are_counted_and_of_large_ones_no_more_is_read_than_the_limit()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        for (var i = 0; i < 3; i++) await shop.PlaceAsync((product, 1));

        var before = await app.Database.ScalarAsync<long>("select count(*) from orders");
        var exact = await CountAsync(10_000_000);
        var after = await app.Database.ScalarAsync<long>("select count(*) from orders");

        // Other tests place orders meanwhile, and none removes one.
        Assert.InRange(exact.Orders, before, after);
        Assert.Empty(exact.Estimated);
        var bounded = await CountAsync(2);
        Assert.Equal(["addresses", "customers", "orders", "products"], bounded.Estimated.Order(StringComparer.Ordinal));
        Assert.All(
            (long[])[bounded.Customers, bounded.Addresses, bounded.Products, bounded.Orders],
            rows => Assert.InRange(rows, 3, long.MaxValue));
    }

    private async Task<Stats.Counts> CountAsync(int limit)
    {
        await using var db = new OrdersDbContext(new DbContextOptionsBuilder<OrdersDbContext>().UseNpgsql(app.Database).Options);
        return await Stats.Handle(db, Options.Create(new StatsOptions { CountedRowsMax = limit }), CancellationToken.None);
    }
}
