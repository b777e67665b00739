using Orders.Api.Domain;

namespace Orders.Api.Features.Imports;

/// <summary>What became of the lines of an NDJSON stream, or of the records of an array. Blank lines count nowhere.</summary>
/// <param name="rejectedLinesMax">Rejected lines that are described.</param>
internal sealed class ImportReport(int rejectedLinesMax)
{
    private readonly List<RejectedLine> _first = [];

    public static ImportReport Example
    {
        get
        {
            var report = Of(3998);
            report.Reject(17, new FieldError("price", "must have at most 2 decimals"));
            return report;
        }
    }

    /// <summary>Everything was stored.</summary>
    public static ImportReport Of(int accepted) => new(1) { Accepted = accepted };

    /// <summary>Lines that were stored, or overtaken by a later line of the same id.</summary>
    public long Accepted { get; private set; }

    public long Rejected { get; private set; }

    /// <summary>The first rejected lines, by number.</summary>
    public IReadOnlyList<RejectedLine> RejectedLines => _first;

    /// <summary>Rejected lines that are not described; absent when all are.</summary>
    public long? RejectedLinesOmitted => Rejected > _first.Count ? Rejected - _first.Count : null;

    public void Accept(long lines) => Accepted += lines;

    public void Reject(long line, params IReadOnlyList<FieldError> errors)
    {
        Rejected++;
        // A batch is refused after its lines were read, so numbers do not come in order.
        var place = _first.FindLastIndex(rejected => rejected.Line < line) + 1;
        if (place >= rejectedLinesMax) return;
        if (_first.Count == rejectedLinesMax) _first.RemoveAt(_first.Count - 1);
        _first.Insert(place, new RejectedLine(line, errors));
    }
}

/// <param name="Line">1, 2, ... as an editor counts lines.</param>
/// <param name="Errors">What is wrong; the field is <c>line</c> where the line as a whole is.</param>
internal sealed record RejectedLine(long Line, IReadOnlyList<FieldError> Errors);
