using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Features.Imports;

/// <summary>Section <c>Orders:Imports</c>: bounds of the NDJSON imports, which may be of any length.</summary>
internal sealed class ImportOptions
{
    public const string Section = "Orders:Imports";

    /// <summary>Bytes of one line without its end. Default 64 KiB, 1 KiB to 1 MiB.</summary>
    [Range(1 << 10, 1 << 20)]
    public int LineBytesMax { get; set; } = 64 << 10;

    /// <summary>Lines that are written by one statement, at most. Default 1,000, 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int BatchLinesMax { get; set; } = 1000;

    /// <summary>
    /// Bytes of lines after which a statement is written, however few they are; with one line more, what an import holds in memory.
    /// Default 1 MiB, 64 KiB to 16 MiB.
    /// </summary>
    [Range(64 << 10, 16 << 20)]
    public int BatchBytesMax { get; set; } = 1 << 20;

    /// <summary>Rejected lines that the reply describes; the others are counted. Default 1,000, 0 to 10,000.</summary>
    [Range(0, 10_000)]
    public int RejectedLinesMax { get; set; } = 1000;
}
