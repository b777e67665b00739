namespace Orders.Api.Access;

/// <summary>A row of <c>api_keys</c>. The secret itself is in no column, log or reply.</summary>
internal sealed class AccessKey
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public required byte[] SecretHash { get; set; }

    /// <summary>The secret before the last rotation, valid until <see cref="PreviousUntil"/>.</summary>
    public byte[]? PreviousHash { get; set; }

    public DateTimeOffset? PreviousUntil { get; set; }

    public required string[] Scopes { get; init; }

    public string? CustomerId { get; init; }

    /// <summary>Null: <see cref="AccessOptions.RequestsPerSecond"/>.</summary>
    public int? RequestsPerSecond { get; set; }

    /// <summary>Null: <see cref="AccessOptions.Burst"/>.</summary>
    public int? Burst { get; set; }

    /// <summary>It comes from the configuration and only the configuration changes it.</summary>
    public bool Configured { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; init; }
}
