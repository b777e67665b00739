namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>Read from <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL</c> and the section of the context's name below it.</summary>
public sealed class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>Normally taken from <c>ConnectionStrings:&lt;connectionName&gt;</c>, which wins over the section.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>False: failed commands are retried, so explicit transactions need an execution strategy.</summary>
    public bool DisableRetry { get; set; }

    public bool DisableHealthChecks { get; set; }

    public bool DisableTracing { get; set; }

    public bool DisableMetrics { get; set; }

    /// <summary>Seconds; null leaves the driver's default of 30.</summary>
    public int? CommandTimeout { get; set; }
}
