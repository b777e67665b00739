using Npgsql;
using Orders.Tests.Support;

namespace Orders.Tests.Anomalies;

/// <summary>A lock on an order: every other change of it waits until the lock is released.</summary>
internal sealed class HeldOrder : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private HeldOrder(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_connection, _transaction) = (connection, transaction);

    public static async Task<HeldOrder> HoldAsync(OrdersApplication app, string id)
    {
        var connection = await app.Database.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var held = new NpgsqlCommand("select 1 from orders where id = $1 for update", connection, transaction);
        held.Parameters.Add(new() { Value = id });
        Assert.Equal(1, await held.ExecuteScalarAsync());
        return new HeldOrder(connection, transaction);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
