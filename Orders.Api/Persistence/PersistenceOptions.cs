using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Orders.Api.Persistence;

/// <summary>Section <c>Orders:Persistence</c>. The server must allow the sum of both pools for every replica of this service.</summary>
internal sealed class PersistenceOptions
{
    public const string Section = "Orders:Persistence";

    /// <summary>
    /// Connections for placing, changing and reading orders, at most; who finds none waits. The pool takes turns, so after one burst all
    /// of them stay in use, and a server with few processors then spends more on each order: with 150 orders/s on two, 12 connections
    /// instead of 60 gave a tenth more orders and a sixth of the relay's delay. Exports and imports under way keep one each. Default 20,
    /// 5 to 500.
    /// </summary>
    [Range(5, 500)]
    public int OrderPoolSizeMax { get; set; } = 20;

    /// <summary>Connections for everything else, at most. Default 20, 5 to 500.</summary>
    [Range(5, 500)]
    public int EntityPoolSizeMax { get; set; } = 20;

    /// <summary>Longest a statement may take. Default 30 s, 1 s to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Statements that a connection keeps prepared. The hot paths are about a dozen texts, and planning them each time costs more
    /// than running them. Default 100, 0 (off, e.g. behind a pooler) to 1000.
    /// </summary>
    [Range(0, 1000)]
    public int PreparedStatementsMax { get; set; } = 100;

    /// <param name="connectionString">The database.</param>
    /// <param name="poolSize">Connections at most.</param>
    /// <param name="prepares">
    /// Whether statements are kept prepared. Not for Entity Framework: it runs the same command object again when a connection has
    /// broken, and a command that the driver had prepared on the broken one puts the new one out of step.
    /// </param>
    public string? Pooled(string? connectionString, int poolSize, bool prepares)
    {
        if (connectionString is null) return null;
        return new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = poolSize,
            CommandTimeout = (int)CommandTimeout.TotalSeconds,
            MaxAutoPrepare = prepares ? PreparedStatementsMax : 0,
            AutoPrepareMinUsages = 2,
            // Seven statements before each use of a connection, to undo what nobody on the hot paths does: no setting, no listening, no
            // lock and no temporary table outlives a transaction there.
            NoResetOnClose = prepares,
        }.ConnectionString;
    }
}
