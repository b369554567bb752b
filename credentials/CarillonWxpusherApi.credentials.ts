import { wxpusher } from '../src/channels/wxpusher';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonWxpusherApi extends credential(wxpusher) {}
