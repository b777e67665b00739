namespace Orders.Simulator.Seeding;

internal sealed partial class TableSeeder
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Seeded {Table}: {Count} rows in {Milliseconds} ms")]
    private partial void LogSeeded(string table, int count, long milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Left {Table} as it is: {Count} rows")]
    private partial void LogKept(string table, long count);
}
