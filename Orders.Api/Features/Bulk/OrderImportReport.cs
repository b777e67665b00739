using System.Text.Json.Serialization;
using Orders.Api.Domain;

namespace Orders.Api.Features.Bulk;

/// <summary>What became of the lines of an import; the reply to it. Blank lines count nowhere.</summary>
/// <param name="rejectedLinesMax">Rejected lines that are described.</param>
internal sealed class OrderImportReport(int rejectedLinesMax)
{
    private readonly List<RejectedOrder> _first = [];

    /// <summary>Lines that are settled: the sum of the three below.</summary>
    public long Lines => Accepted + Unchanged + Rejected;

    /// <summary>Lines that were stored; in a dry run, lines that could be.</summary>
    public long Accepted { get; set; }

    /// <summary>Lines whose order was there already, just so.</summary>
    public long Unchanged { get; set; }

    public long Rejected { get; private set; }

    /// <summary>The first rejected lines, by number.</summary>
    public IReadOnlyList<RejectedOrder> RejectedLines => _first;

    /// <summary>Rejected lines that are not described; absent when all are.</summary>
    public long? RejectedLinesOmitted => Rejected > _first.Count ? Rejected - _first.Count : null;

    /// <summary>The last line that is settled, together with all before it.</summary>
    [JsonIgnore]
    public long SettledLine { get; set; }

    /// <summary>Lines come in the order of their numbers.</summary>
    public void Reject(RejectedOrder line)
    {
        Rejected++;
        if (_first.Count < rejectedLinesMax) _first.Add(line);
    }
}

/// <param name="Line">1, 2, ... as an editor counts lines.</param>
/// <param name="Id">The order's id, if the line says it.</param>
/// <param name="ExternalId">The order's external id, if the line says it.</param>
/// <param name="Code">Stable: what kind of thing is wrong.</param>
/// <param name="Errors">What is wrong; the field is <c>line</c> where the line as a whole is.</param>
internal sealed record RejectedOrder(long Line, string? Id, string? ExternalId, string Code, IReadOnlyList<FieldError> Errors);
