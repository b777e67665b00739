namespace Orders.Api.Features.DataCatalog;

/// <summary>Something that holds data of orders.</summary>
/// <param name="Name">Unique in the catalogue.</param>
/// <param name="Layer">source, topic, bronze, silver, gold or search.</param>
/// <param name="Description">What it is.</param>
/// <param name="Location">Where it is; names, never credentials.</param>
/// <param name="Columns">Columns or fields; absent where a schema is named instead.</param>
/// <param name="Schema">The address of its JSON Schema.</param>
/// <param name="Rows">Rows, records, lines or documents.</param>
/// <param name="RowsEstimated">True where counting would take too long and the server's own estimate is told.</param>
/// <param name="NewestEventAt">The time of the newest change that is in it.</param>
/// <param name="LagEvents">Events of the topic that are not in it yet.</param>
/// <param name="RetentionDays">Days after which data leaves it; absent: it is kept.</param>
/// <param name="Unavailable">Why something of this is absent just now.</param>
internal sealed record Dataset(
    string Name, string Layer, string Description, string Location, IReadOnlyList<Column>? Columns = null, string? Schema = null,
    long? Rows = null, bool? RowsEstimated = null, DateTimeOffset? NewestEventAt = null, long? LagEvents = null, int? RetentionDays = null,
    string? Unavailable = null);

/// <param name="Name">The column's or field's name.</param>
/// <param name="Type">Its type as its server names it.</param>
internal sealed record Column(string Name, string Type);

/// <param name="At">When it was looked.</param>
/// <param name="Datasets">By layer.</param>
internal sealed record Catalog(DateTimeOffset At, IReadOnlyList<Dataset> Datasets);
