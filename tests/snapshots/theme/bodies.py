"""Two article bodies in the markup of the theme's README: a report with everything in it, and a regulation."""

# ruff: noqa: E501 - a body is what the sanitiser gives: long lines

BODY = """
<p class="b-paragraph">11月18日，方塘市教育局在半亩路小学召开现场会，发布《方塘市中小学课后服务提升行动方案》。方案提出，到2027年底，全市义务教育学校课后服务覆盖率保持100%，每所学校至少开设8门特色课程，服务时间与家长下班时间相衔接，最晚到18:30。</p>
<h2 class="b-heading">一、为什么要提升</h2>
<p class="b-paragraph">今年9月，市教育局向4.6万名家长发放问卷，收回有效问卷41 283份。<strong>超过七成</strong>的家长希望增加体育和科学课程，近四成家长希望延长服务时间。调查的完整数据可以在<a href="/open-data/after-school.html">数据开放栏目</a>下载（CSV格式，UTF-8编码）。</p>
<figure class="b-image"><img src="/media/1-1200x675.svg" srcset="/media/1-400x225.svg 400w, /media/1-1200x675.svg 1200w" sizes="(min-width: 52rem) 46rem, 100vw" width="1200" height="675" alt="学生在操场上放飞自制的滑翔机，远处是山" loading="lazy"><figcaption><span class="b-caption">学生在航模课上放飞自己做的滑翔机</span> <span class="b-credit">摄影：周敏</span></figcaption></figure>
<h2 class="b-heading">二、怎么做</h2>
<h3 class="b-heading">（一）课程由学校和社会共同提供</h3>
<p class="b-paragraph">鼓励体校教练、科技馆讲解员、非遗传承人到校授课，费用由财政和公益资金承担，不增加家长负担。各区县教育局每学期公布课程清单和授课人员名单。</p>
<ul class="b-list"><li>体育：游泳、足球、武术、定向越野</li><li>科学：航模、气象观测、编程、植物辨识</li><li>艺术：合唱、剪纸、方塘皮影</li></ul>
<h3 class="b-heading">（二）时间怎么安排</h3>
<div class="b-table" role="group" tabindex="0" aria-label="各学段课后服务时间表"><table><caption>各学段课后服务时间表（2026—2027学年）</caption><thead><tr><th scope="col">学段</th><th scope="col">开始时间</th><th scope="col">结束时间</th><th scope="col">每周天数</th><th scope="col">特色课程数量（门）</th><th scope="col">师生比</th><th scope="col">咨询电话</th><th scope="col">备注</th></tr></thead><tbody>
<tr><th scope="row">小学低年级</th><td>15:30</td><td>18:00</td><td>5</td><td>8</td><td>1:20</td><td>0990 1234567</td><td>可提前接回，需要家长书面同意</td></tr>
<tr><th scope="row">小学高年级</th><td>16:10</td><td>18:30</td><td>5</td><td>10</td><td>1:25</td><td>0990 1234568</td><td>周三为无作业日</td></tr>
<tr><th scope="row">初中</th><td>17:00</td><td>18:30</td><td>5</td><td>8</td><td>1:30</td><td>0990 1234569</td><td>初三年级可以延长到20:00，自愿参加</td></tr></tbody></table></div>
<blockquote class="b-quotation"><p class="b-paragraph">孩子在学校学到喜欢的东西，我们下班再去接，心里踏实。</p><footer>家长 李女士</footer></blockquote>
<figure class="b-video"><video controls preload="none" poster="/media/2-1200x675.svg"><source src="/media/meeting.webm" type="video/webm"><track kind="captions" srclang="zh" label="中文字幕" src="/media/meeting.vtt" default></video><figcaption>现场会视频，时长3分12秒，有中文字幕</figcaption><details class="b-transcript"><summary>文字稿</summary><p class="b-paragraph">现场会现在开始。请基础教育科介绍方案。</p></details></figure>
<h2 class="b-heading">三、什么时候开始</h2>
<p class="b-paragraph">方案自2026年12月1日起施行。各学校在11月30日前公布本校安排，家长如有意见和建议，可以拨打0990 1234567，也可以在本网站“互动问答”栏目留言，5个工作日内答复。</p>
<ol class="b-list"><li>11月25日前：各区县上报实施细则；</li><li>11月30日前：学校公布课程与时间；</li><li>12月1日：开始施行。</li></ol>
"""

POLICY_BODY = """
<p class="b-paragraph b-flush">各区县教育局，市直属各学校：</p>
<p class="b-paragraph">《方塘市中小学校园安全管理办法》已经市教育局2026年第十二次局长办公会议审议通过，现印发给你们，请认真贯彻执行。</p>
<p class="b-paragraph b-sign">方塘市教育局</p><p class="b-paragraph b-sign">2026年11月10日</p>
<h2 class="b-heading b-centre">方塘市中小学校园安全管理办法</h2>
<h3 class="b-heading">第一章 总则</h3>
<p class="b-paragraph">第一条 为了保障中小学生和教职工的人身安全，维护正常的教育教学秩序，根据《中华人民共和国教育法》《中华人民共和国未成年人保护法》，结合本市实际，制定本办法。</p>
<p class="b-paragraph">第二条 本办法适用于本市行政区域内的普通中小学、特殊教育学校和中等职业学校。</p>
"""
