namespace Pipeline.Core.Books;

/// <summary>How an update stands to a book.</summary>
internal enum BookFit : byte
{
    /// <summary>Goes on where the book is.</summary>
    Next,

    /// <summary>The book is past it.</summary>
    Old,

    /// <summary>Says that nothing has changed.</summary>
    KeepAlive,

    /// <summary>Goes on where the book is, and the venue counts anew from it.</summary>
    Reset,

    /// <summary>Something before it is missing.</summary>
    Gap,
}
