namespace Meilisearch;

/// <summary>What is searched for, and which part of what is found is wanted.</summary>
public class SearchQuery
{
    /// <summary>The words; set by <see cref="Index.SearchAsync{T}"/>.</summary>
    public string Q { get; set; }

    /// <summary>A filter expression, or arrays of them: outer ones are joined by AND, inner ones by OR.</summary>
    public dynamic Filter { get; set; }

    /// <summary>The attributes wanted; null for all.</summary>
    public IEnumerable<string> AttributesToRetrieve { get; set; }

    /// <summary><c>attribute:asc</c> or <c>attribute:desc</c>.</summary>
    public IEnumerable<string> Sort { get; set; }

    /// <summary>How many are left out before; not with <see cref="Page"/>.</summary>
    public int? Offset { get; set; }

    /// <summary>Default 20; not with <see cref="Page"/>.</summary>
    public int? Limit { get; set; }

    /// <summary>Default 20.</summary>
    public int? HitsPerPage { get; set; }

    /// <summary>From 1.</summary>
    public int? Page { get; set; }
}
