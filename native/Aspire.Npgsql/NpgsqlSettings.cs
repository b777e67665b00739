namespace Aspire.Npgsql;

/// <summary>Read from <c>Aspire:Npgsql</c> and the section of the connection's name below it.</summary>
public sealed class NpgsqlSettings
{
    /// <summary>Normally taken from <c>ConnectionStrings:&lt;connectionName&gt;</c>, which wins over the section.</summary>
    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }

    public bool DisableTracing { get; set; }

    public bool DisableMetrics { get; set; }
}
