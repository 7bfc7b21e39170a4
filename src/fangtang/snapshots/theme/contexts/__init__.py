"""What a public page needs to be drawn, as plain values.

The builder fills these from released rows; the templates read nothing else. Every `url` is root-relative
("/news/…") when it stays on the site and absolute when it leaves it. Every `html` is already sanitised. Moments are
aware and already in the body's own timezone; days are local dates. Order of every tuple is the order shown.
"""

from fangtang.snapshots.theme.contexts.articles import ArticlePage, Attachment, WithdrawnPage
from fangtang.snapshots.theme.contexts.chrome import Chrome, Footer, Link, Picture
from fangtang.snapshots.theme.contexts.home import Headline, HomeBlock, HomePage, NoticeBar, PictureNews, QuickLinks, SectionList
from fangtang.snapshots.theme.contexts.lists import Entry, SectionPage
from fangtang.snapshots.theme.contexts.others import NotFoundPage, RedirectPage, SiteMapPage

PublicPage = ArticlePage | WithdrawnPage | SectionPage | HomePage | NotFoundPage | SiteMapPage | RedirectPage

__all__ = [
    "ArticlePage",
    "Attachment",
    "Chrome",
    "Entry",
    "Footer",
    "Headline",
    "HomeBlock",
    "HomePage",
    "Link",
    "NotFoundPage",
    "NoticeBar",
    "Picture",
    "PictureNews",
    "PublicPage",
    "QuickLinks",
    "RedirectPage",
    "SectionList",
    "SectionPage",
    "SiteMapPage",
    "WithdrawnPage",
]
