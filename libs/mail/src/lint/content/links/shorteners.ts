/** Hosts that shorten URLs for anybody, so that nobody sees where a link leads. Those of one site (`youtu.be`) say it and are not here. */
const hosts = `
adf.ly aka.gr amzn.pw b.link bc.vc bit.do bit.ly bitly.com bitly.is bl.ink buff.ly chilp.it choilieng.com clck.ru
cli.gs clicky.me coinurl.com cort.as cutt.ly cutt.us cuttly.com dlvr.it doiop.com dwz.cn e.vg filoops.info fur.ly
fwd4.me fwlink.com gee.su gg.gg goo.gl goo.su hoo.gl hop.kz hyperurl.co i-d.co ift.tt is.gd ity.im j.mp kl.am korta.nu
kutt.it lc.cx lihi.cc lihi1.cc lnk.bio lnk.co lnk.gd lnk.in lstu.fr moourl.com n9.cl ow.ly past.is picz.us plu.sh
po.st prettylinkpro.com q.gs qps.ru qr.net qrco.de rb.gy rebrand.ly rlu.ru s.coop s.id s2r.co scrnch.me short.cm
short.gy short.io short.to shorte.st shorturl.asia shorturl.at shrinke.me shrtco.de shrunken.com smarturl.it snip.ly
snipurl.com snurl.com soo.gd sturly.com su.pr surl.li t.co t.ly t1p.de t2m.io tiny.cc tiny.one tiny.pl tinyarrows.com
tinylink.in tinyurl.com tinyurl.is tl.gd tnij.org to.ly tr.ee tr.im tr5.in trib.al tweez.me twurl.nl u.bb u.nu u.to
urls.im urlz.fr urlzs.com utfg.sk v.gd v.ht virl.com vzturl.com wa.link wapurl.co x.co x.gd x.se xurl.es xy2.eu yep.it
yourls.org zi.ma zip.net zpr.io zws.im zzb.bz
`

export const shortenerHosts: ReadonlySet<string> = new Set(hosts.trim().split(/\s+/))
