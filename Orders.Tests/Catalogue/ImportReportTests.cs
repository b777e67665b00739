using Orders.Api.Domain;
using Orders.Api.Features.Imports;

namespace Orders.Tests.Catalogue;

[Unit]
public sealed class ImportReportTests
{
    [Fact]
    public void The_first_rejected_lines_are_kept_in_whatever_order_they_come()
    {
        var seed = Random.Shared.Next();
        var lines = Enumerable.Range(1, 200).Select(line => (long)line).ToArray();
        new Random(seed).Shuffle(lines);
        var report = new ImportReport(rejectedLinesMax: 20);

        foreach (var line in lines) report.Reject(line, new FieldError("name", "is required"));

        Assert.True(Enumerable.Range(1, 20).Select(line => (long)line).SequenceEqual(report.RejectedLines.Select(line => line.Line)),
            $"seed {seed}");
        Assert.Equal((200, 180L), (report.Rejected, report.RejectedLinesOmitted));
    }

    [Fact]
    public void Nothing_is_omitted_when_all_fit()
    {
        var report = new ImportReport(rejectedLinesMax: 2);
        report.Accept(5);
        report.Reject(3, new FieldError("line", "is not valid JSON"));
        Assert.Equal((5, 1, null), (report.Accepted, report.Rejected, report.RejectedLinesOmitted));
    }

    [Fact]
    public void With_a_limit_of_zero_lines_are_only_counted()
    {
        var report = new ImportReport(rejectedLinesMax: 0);
        report.Reject(1, new FieldError("line", "is not valid JSON"));
        Assert.Empty(report.RejectedLines);
        Assert.Equal(1, report.RejectedLinesOmitted);
    }
}
