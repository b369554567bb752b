import { wecomApp } from '../src/channels/wecomApp';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonWecomAppApi extends credential(wecomApp) {}
