namespace Orders.Api.Domain;

/// <summary>A customer as the import schema has it; stored and answered unchanged.</summary>
internal sealed class Customer
{
    public const string Active = "active";
    public const string Inactive = "inactive";
    public const string Suspended = "suspended";

    public static readonly IReadOnlyList<string> Statuses = [Active, Inactive, Suspended];

    public required string ClientId { get; init; }

    public required string FirstName { get; init; }

    public required string LastName { get; init; }

    public required string Email { get; init; }

    public required string PhoneNumber { get; init; }

    public DateOnly? DateOfBirth { get; init; }

    public string? Gender { get; init; }

    public string? Occupation { get; init; }

    public DateOnly? CreatedAt { get; init; }

    public DateOnly? UpdatedAt { get; init; }

    /// <summary>active, inactive or suspended; a suspended customer cannot place orders.</summary>
    public required string Status { get; init; }
}

/// <summary>An address as the import schema has it; <c>lat</c> and <c>lon</c> are text there and stay text.</summary>
internal sealed class Address
{
    public required string ClientId { get; init; }

    public required string AddressId { get; init; }

    public string? Neighborhood { get; init; }

    /// <summary>[latitude, longitude] in WGS 84 degrees.</summary>
    public double[]? Coordinates { get; init; }

    public string? Road { get; init; }

    public string? HouseNumber { get; init; }

    public string? Suburb { get; init; }

    public string? CityDistrict { get; init; }

    public string? State { get; init; }

    public string? Postcode { get; init; }

    public string? Country { get; init; }

    public string? Lat { get; init; }

    public string? Lon { get; init; }
}
