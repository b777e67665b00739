using Meilisearch;
using Orders.Indexer.Projections;

namespace Orders.Tests.Projections;

[Unit]
public sealed class SearchSettingsTests
{
    [Fact]
    public void The_same_settings_in_the_servers_own_order_are_not_sent_again()
    {
        var actual = Desired();
        actual.FilterableAttributes = [.. actual.FilterableAttributes.Reverse()];
        actual.SortableAttributes = [.. actual.SortableAttributes.Reverse()];
        actual.RankingRules = ["words", "typo"];

        Assert.False(SearchSettings.Differ(Desired(), actual));
    }

    [Fact]
    public void Another_order_of_the_searchable_fields_is_another_ranking()
    {
        var actual = Desired();
        actual.SearchableAttributes = [.. actual.SearchableAttributes.Reverse()];

        Assert.True(SearchSettings.Differ(Desired(), actual));
    }

    [Fact]
    public void A_missing_filter_or_another_limit_is_a_difference()
    {
        var fewer = Desired();
        fewer.FilterableAttributes = [.. fewer.FilterableAttributes.Skip(1)];
        var lower = Desired();
        lower.Pagination.MaxTotalHits = 1000;

        Assert.True(SearchSettings.Differ(Desired(), fewer));
        Assert.True(SearchSettings.Differ(Desired(), lower));
    }

    [Fact]
    public void A_fresh_index_differs() => Assert.True(SearchSettings.Differ(Desired(), new Settings()));

    [Fact]
    public void Nothing_is_on_for_which_every_write_goes_over_the_whole_index()
    {
        var desired = Desired();

        Assert.False(desired.FacetSearch);
        Assert.All(desired.FilterableAttributes, filter => Assert.False(filter.Features.FacetSearch));
        Assert.DoesNotContain("_geo", desired.FilterableAttributes.SelectMany(filter => filter.AttributePatterns));
        Assert.DoesNotContain("_geo", desired.SortableAttributes);
    }

    [Theory]
    [InlineData("invalid_document_id", true)]
    [InlineData("missing_document_id", true)]
    [InlineData("invalid_document_geo_field", true)]
    [InlineData("malformed_payload", true)]
    [InlineData("payload_too_large", true)]
    [InlineData("max_fields_limit_exceeded", true)]
    [InlineData("internal", false)]
    [InlineData("no_space_left_on_device", false)]
    [InlineData("index_not_found", false)]
    [InlineData("invalid_api_key", false)]
    [InlineData("document_not_found", false)]
    [InlineData(null, false)]
    public void Only_a_documents_own_fault_makes_a_dead_letter(string? code, bool documents) =>
        Assert.Equal(documents, SearchIndex.IsAboutDocuments(code));

    [Theory]
    [InlineData("ord-0198", true)]
    [InlineData("a_B-9", true)]
    [InlineData("", false)]
    [InlineData("ord 1", false)]
    [InlineData("x\"] OR id EXISTS", false)]
    [InlineData("ñ", false)]
    public void Only_possible_document_ids_reach_a_filter(string id, bool possible) =>
        Assert.Equal(possible, SearchIndex.IsDocumentId(id));

    private static Settings Desired() => SearchSettings.Desired(new SearchOptions());
}
