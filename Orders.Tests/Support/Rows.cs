using Npgsql;

namespace Orders.Tests.Support;

/// <summary>What the database itself says, past the API.</summary>
internal static class Rows
{
    public static async Task<T> ScalarAsync<T>(this NpgsqlDataSource database, string sql, params object[] arguments)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var argument in arguments) command.Parameters.AddWithValue(argument);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>One column of every row.</summary>
    public static async Task<List<T>> ListAsync<T>(this NpgsqlDataSource database, string sql, params object[] arguments)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var argument in arguments) command.Parameters.AddWithValue(argument);
        await using var rows = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await rows.ReadAsync()) values.Add(await rows.GetFieldValueAsync<T>(0));
        return values;
    }

    /// <returns>The number of rows that were changed.</returns>
    public static async Task<int> ExecuteAsync(this OrdersApplication app, string sql, params object[] arguments)
    {
        await using var command = app.Database.CreateCommand(sql);
        foreach (var argument in arguments) command.Parameters.AddWithValue(argument);
        return await command.ExecuteNonQueryAsync();
    }
}
