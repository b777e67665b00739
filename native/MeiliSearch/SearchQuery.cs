namespace Meilisearch;

public class SearchQueryBase
{
    public string IndexUid { get; set; }

    public string Q { get; set; }

    /// <summary>A filter expression, or arrays of them: outer ones are joined by AND, inner ones by OR.</summary>
    public dynamic Filter { get; set; }

    public IEnumerable<string> AttributesToRetrieve { get; set; }

    public IEnumerable<string> AttributesToCrop { get; set; }

    public IEnumerable<string> AttributesToSearchOn { get; set; }

    public int? CropLength { get; set; }

    public IEnumerable<string> AttributesToHighlight { get; set; }

    public string CropMarker { get; set; }

    public string HighlightPreTag { get; set; }

    public string HighlightPostTag { get; set; }

    public IEnumerable<string> Facets { get; set; }

    public bool? ShowMatchesPosition { get; set; }

    /// <summary><c>attribute:asc</c>, <c>attribute:desc</c> or <c>_geoPoint(lat, lng):asc</c>.</summary>
    public IEnumerable<string> Sort { get; set; }

    /// <summary><c>last</c>, <c>all</c> or <c>frequency</c>.</summary>
    public string MatchingStrategy { get; set; }

    public bool? ShowRankingScore { get; set; }
}

public class SearchQuery : SearchQueryBase
{
    public int? Offset { get; set; }

    public int? Limit { get; set; }

    public int? HitsPerPage { get; set; }

    /// <summary>From 1.</summary>
    public int? Page { get; set; }

    public string Distinct { get; set; }

    /// <summary>Hits that score less are left out: 0.0 to 1.0.</summary>
    public decimal? RankingScoreThreshold { get; set; }
}
